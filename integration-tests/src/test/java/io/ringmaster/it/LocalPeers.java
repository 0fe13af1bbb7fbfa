package io.ringmaster.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Which process of this machine is at the other end of a connection, by what Linux tells. */
record LocalPeers(Supplier<Map<String, Long>> processes) {

  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  /** The name of the process that has opened {@code accepted}; empty if it is none of them. */
  String of(Socket accepted) {
    String socket = "socket:[" + inode(accepted) + "]";
    return processes.get().entrySet().stream()
        .filter(process -> holds(process.getValue(), socket))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  /** Of the socket at the other end. */
  private static String inode(Socket accepted) {
    String from = column((InetSocketAddress) accepted.getRemoteSocketAddress());
    String to = column((InetSocketAddress) accepted.getLocalSocketAddress());
    return List.of("tcp", "tcp6").stream()
        .flatMap(table -> lines(Path.of("/proc/net", table)).stream())
        .map(line -> line.strip().split(" +"))
        .filter(columns -> columns[LOCAL].endsWith(from) && columns[REMOTE].endsWith(to))
        .map(columns -> columns[INODE])
        .findFirst()
        .orElse("");
  }

  /** Address and port as in those tables, the lowest byte first; mapped ones end in the same. */
  private static String column(InetSocketAddress address) {
    byte[] bytes = address.getAddress().getAddress();
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[bytes.length - 1 - i] = bytes[i];
    }
    String host = HexFormat.of().withUpperCase().formatHex(reversed);
    return "%s:%04X".formatted(host, address.getPort());
  }

  private static List<String> lines(Path table) {
    try {
      return Files.readAllLines(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean holds(long pid, String socket) {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "fd"))) {
      for (Path file : files) {
        if (isLinkTo(file, socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException ended) {
      return false;
    }
  }

  private static boolean isLinkTo(Path file, String socket) {
    try {
      return Files.readSymbolicLink(file).toString().equals(socket);
    } catch (IOException closed) {
      return false;
    }
  }
}
