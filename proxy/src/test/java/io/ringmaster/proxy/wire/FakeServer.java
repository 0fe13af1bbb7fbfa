package io.ringmaster.proxy.wire;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A server that greets as Redis does and leaves every other answer to the test. Unless a script is
 * given, requests wait until the test takes them with {@link #next}.
 */
public final class FakeServer implements AutoCloseable {

  private static final int PIECE = 64 * 1024;
  private static final String RUN_ID = "0123456789abcdef0123456789abcdef01234567";

  private final ServerSocket listener;
  private final Thread acceptor;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<List<String>> received = new CopyOnWriteArrayList<>();
  private final List<List<String>> greetings = new CopyOnWriteArrayList<>();
  private final Map<String, String> greetingReplies = new ConcurrentHashMap<>();
  private final BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger clientIds = new AtomicInteger(100);
  private volatile Consumer<Exchange> script = waiting::add;
  private volatile Duration pause = Duration.ZERO;
  private volatile CompletableFuture<?> large = CompletableFuture.completedFuture(null);

  /** Listens on a free port. */
  public FakeServer() {
    try {
      listener = new ServerSocket();
      // So that the other side sees soon that nothing is read.
      listener.setReceiveBufferSize(2 * PIECE);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = Thread.ofVirtual().start(this::accept);
  }

  /** Host and port. */
  public String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on answers as {@code newScript} does. */
  public FakeServer script(Consumer<Exchange> newScript) {
    script = newScript;
    return this;
  }

  /** From now on answers every request with {@code reply}. */
  public FakeServer alwaysReply(String reply) {
    return script(exchange -> exchange.reply(reply));
  }

  /** From now on rests for so long behind every 64 KB of an argument. */
  public FakeServer readSlowly(Duration newPause) {
    pause = newPause;
    return this;
  }

  /** From now on takes an argument of more than 64 KB whole only once {@code gate} is complete. */
  public FakeServer takeLargeAfter(CompletableFuture<?> gate) {
    large = gate;
    return this;
  }

  /** Greets with {@code reply} where the word of the handshake is {@code word}. */
  public FakeServer greet(String word, String reply) {
    greetingReplies.put(word, reply);
    return this;
  }

  /** The next request that no script has answered. */
  public Exchange next() {
    try {
      Exchange next = waiting.poll(30, TimeUnit.SECONDS);
      if (next == null) {
        throw new IllegalStateException("no request has come");
      }
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All requests so far, without those of handshakes. */
  public List<List<String>> received() {
    return List.copyOf(received);
  }

  /** All requests of handshakes so far. */
  public List<List<String>> greetings() {
    return List.copyOf(greetings);
  }

  /** How many connections were made. */
  public int connections() {
    return connections.size();
  }

  /** How many connections are open. */
  public long openConnections() {
    return connections.stream().filter(connection -> !connection.isClosed()).count();
  }

  /** Listens no more and closes all connections. */
  @Override
  public void close() {
    try {
      listener.close();
      // A connection may come in while it closes.
      acceptor.join();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        connection.setTcpNoDelay(true);
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    int clientId = clientIds.incrementAndGet();
    try (connection) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(connection.getInputStream()));
      while (true) {
        List<String> words = request(in);
        Exchange exchange = new Exchange(words, connection);
        if (isGreeting(words)) {
          greetings.add(words);
          exchange.reply(greeting(words, clientId));
        } else {
          received.add(words);
          script.accept(exchange);
        }
      }
    } catch (IOException | UncheckedIOException ended) {
      // The other side, or a script, has closed the connection.
    }
  }

  private static boolean isGreeting(List<String> words) {
    return switch (words.getFirst()) {
      case "HELLO", "SELECT", "INFO" -> true;
      case "CLIENT" -> words.get(1).equals("ID") || words.get(1).equals("KILL");
      default -> false;
    };
  }

  private String greeting(List<String> words, int clientId) {
    String word = words.getFirst().equals("CLIENT") ? words.get(1) : words.getFirst();
    String info = "# Server\r\nrun_id:" + RUN_ID + "\r\n";
    String usual =
        switch (word) {
          case "HELLO" -> "*2\r\n$6\r\nserver\r\n$5\r\nredis\r\n";
          case "SELECT" -> "+OK\r\n";
          case "INFO" -> bulk(info);
          case "ID" -> ":" + clientId + "\r\n";
          default -> ":1\r\n";
        };
    return greetingReplies.getOrDefault(word, usual);
  }

  /** {@code text} as a bulk string. */
  public static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private List<String> request(DataInputStream in) throws IOException {
    int count = header(in, '*');
    List<String> words = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] word = new byte[header(in, '$')];
      for (int at = 0; at < word.length; at += PIECE) {
        in.readFully(word, at, Math.min(PIECE, word.length - at));
        if (word.length > PIECE) {
          LockSupport.parkNanos(pause.toNanos());
          large.join();
        }
      }
      in.skipNBytes(2);
      words.add(new String(word, StandardCharsets.ISO_8859_1));
    }
    words.set(0, words.getFirst().toUpperCase(Locale.ROOT));
    return words;
  }

  private static int header(DataInputStream in, char type) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      line.append((char) c);
    }
    if (line.charAt(0) != type) {
      throw new EOFException("not a request: " + line);
    }
    return Integer.parseInt(line.substring(1).strip());
  }

  /** One request, to be answered at any time. */
  public record Exchange(List<String> words, Socket connection) {

    /** Sends these bytes, whole replies or not. */
    public void reply(String text) {
      try {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Closes the connection. */
    public void hangUp() {
      try {
        connection.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
