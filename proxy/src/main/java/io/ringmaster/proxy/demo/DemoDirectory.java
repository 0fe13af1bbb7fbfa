package io.ringmaster.proxy.demo;

import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.failure.FileFailures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Data and logs of a demo: a directory that stays, or a temporary one that goes with the demo. Used
 * by one demo at a time.
 */
public final class DemoDirectory implements AutoCloseable {

  private static final int SECRET_BYTES = 20;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final boolean temporary;
  private final FileChannel lockFile;

  private DemoDirectory(Path path, boolean temporary, FileChannel lockFile) {
    this.path = path;
    this.temporary = temporary;
    this.lockFile = lockFile;
  }

  /**
   * Opens the directory, made when absent, or a temporary one.
   *
   * @throws DemoException when another demo uses it
   */
  public static DemoDirectory open(Optional<Path> wanted) {
    try {
      Path path =
          wanted.isPresent()
              ? wanted.get().toAbsolutePath()
              : Files.createTempDirectory("ringmaster-demo-");
      Files.createDirectories(path);
      FileChannel lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(lockFile) == null) {
        lockFile.close();
        throw new DemoException(
            "another demo runs in " + path + "; stop it, or take another --dir");
      }
      return new DemoDirectory(path, wanted.isEmpty(), lockFile);
    } catch (IOException e) {
      throw new DemoException("cannot use " + named(wanted) + ": " + FileFailures.reason(e), e);
    }
  }

  private static String named(Optional<Path> wanted) {
    return wanted.map(Path::toString).orElse("a temporary directory");
  }

  /** Where it is, absolute. */
  public Path path() {
    return path;
  }

  /** Keys are spread by the number of shards: data of another number would not be found again. */
  void claim(int shards) {
    Path file = path.resolve("shards");
    try {
      if (Files.exists(file)) {
        String found = Files.readString(file).strip();
        if (!found.equals(String.valueOf(shards))) {
          throw new DemoException(
              path
                  + " holds data of "
                  + found
                  + " shards; use --shards "
                  + found
                  + ", or another --dir");
        }
      }
      Files.write(file, List.of(String.valueOf(shards)));
    } catch (IOException e) {
      throw new DemoException("cannot write " + file + ": " + FileFailures.reason(e), e);
    }
  }

  /**
   * Where so many coordinators reach one another: the same addresses whenever this directory is
   * used, since their log has them.
   *
   * @throws DemoException when the directory holds the log of another number of coordinators
   */
  public List<Address> coordinators(int count) {
    Path file = path.resolve("coordinators");
    try {
      if (!Files.exists(file)) {
        Files.write(file, freeAddresses(count));
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != count) {
        throw new DemoException(
            path
                + " holds the log of "
                + lines.size()
                + " coordinators; use --coordinators "
                + lines.size()
                + ", or another --dir");
      }
      return lines.stream().flatMap(line -> Address.parse(line).stream()).toList();
    } catch (IOException e) {
      throw new DemoException("cannot use " + file + ": " + FileFailures.reason(e), e);
    }
  }

  /**
   * What those coordinators share: the same whenever this directory is used, since their log knows
   * it. Only the owner of the directory can read it.
   *
   * @throws DemoException when it cannot be read or written
   */
  public String secret() {
    Path file = path.resolve("secret");
    try {
      if (!Files.exists(file)) {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        Files.createFile(file, OWNER_ONLY);
        Files.writeString(file, HexFormat.of().formatHex(random));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new DemoException("cannot use " + file + ": " + FileFailures.reason(e), e);
    }
  }

  private static List<String> freeAddresses(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(socket -> "127.0.0.1:" + socket.getLocalPort()).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Frees the directory; removes it when it is temporary. */
  @Override
  public void close() throws IOException {
    lockFile.close();
    if (temporary && Files.exists(path)) {
      remove();
    }
  }

  private void remove() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException ignored) {
      return null;
    }
  }
}
