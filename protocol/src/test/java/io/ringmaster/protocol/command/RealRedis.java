package io.ringmaster.protocol.command;

import static org.junit.jupiter.api.Assumptions.abort;

import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.ports.FreePorts;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real server of its own, and one connection to it. */
final class RealRedis implements AutoCloseable {

  private static final int ATTEMPTS = 5;

  private final Process process;
  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private RealRedis(Process process, int port) throws IOException {
    this.process = process;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /** Skips the test if there is no {@code redis-server} on PATH. */
  static RealRedis start() throws IOException {
    if (!onPath()) {
      return abort("no redis-server on PATH");
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = FreePorts.next();
      Process process = launch(port);
      if (isReady(process)) {
        return new RealRedis(process, port);
      }
      process.destroyForcibly();
    }
    throw new IOException("redis-server does not start");
  }

  RespNode call(String line) throws IOException {
    return call(ListArguments.of(line));
  }

  RespNode call(Arguments arguments, String... before) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    write(request, "*" + (before.length + arguments.count()) + "\r\n");
    for (String word : before) {
      write(request, "$" + word.length() + "\r\n" + word + "\r\n");
    }
    for (int i = 0; i < arguments.count(); i++) {
      write(request, "$" + arguments.length(i) + "\r\n");
      request.write(arguments.bytes(i));
      write(request, "\r\n");
    }
    out.write(request.toByteArray());
    return RespNode.read(in);
  }

  /** Whether it is of the version whose values the table holds. */
  boolean isVersion70() throws IOException {
    return call("INFO server").text().contains("redis_version:7.0.");
  }

  @Override
  public void close() throws IOException {
    socket.close();
    process.destroyForcibly();
    process.onExit().join();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static boolean onPath() {
    return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "redis-server")));
  }

  private static Process launch(int port) throws IOException {
    return new ProcessBuilder(
            "redis-server", "--bind", "127.0.0.1", "--port", String.valueOf(port), "--save", "")
        .redirectErrorStream(true)
        .start();
  }

  private static boolean isReady(Process process) throws IOException {
    BufferedReader log = process.inputReader();
    String line = log.readLine();
    while (line != null && !line.contains("Ready to accept connections")) {
      line = log.readLine();
    }
    return line != null;
  }
}
