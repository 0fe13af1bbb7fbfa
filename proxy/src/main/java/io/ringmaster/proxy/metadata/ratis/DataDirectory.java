package io.ringmaster.proxy.metadata.ratis;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.ringmaster.proxy.failure.FileFailures;
import io.ringmaster.proxy.metadata.GroupException;
import io.ringmaster.proxy.metadata.log.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The folder of a coordinator, by which it is known again.
 *
 * @param id unlike that of any other folder
 * @param first whether the group began in this folder
 */
record DataDirectory(String id, boolean first) {

  private static final String FILE = "identity";

  /** A file system gives space by blocks. */
  private static final int PROBE_BYTES = 4096;

  /** The folder that is there; empty if there is no log, whatever else there may be. */
  static Optional<DataDirectory> find(GroupSettings settings) {
    if (!Files.exists(RatisProperties.folder(settings))) {
      return Optional.empty();
    }
    Path file = settings.directory().resolve(FILE);
    // A log from before there were identities.
    return Optional.of(Files.exists(file) ? read(file) : create(settings, false));
  }

  private static DataDirectory read(Path file) {
    try {
      Config json = Json.parsed(Files.readString(file));
      return new DataDirectory(json.getString("id"), json.getBoolean("first"));
    } catch (ConfigException e) {
      throw new GroupException("it cannot use " + file + ": it is damaged", e);
    } catch (IOException e) {
      throw new GroupException("it cannot use " + file + ": " + FileFailures.reason(e), e);
    }
  }

  /** A new folder, before there is a log in it. */
  static DataDirectory create(GroupSettings settings, boolean first) {
    DataDirectory folder = new DataDirectory(UUID.randomUUID().toString(), first);
    try {
      folder.write(settings.directory());
      return folder;
    } catch (IOException e) {
      throw new GroupException(
          "it cannot use " + settings.directory() + ": " + FileFailures.reason(e), e);
    }
  }

  /**
   * Returns if the log can still be kept here: it is this folder, and takes what is written.
   *
   * @throws GroupException if not
   */
  void check(GroupSettings settings) {
    if (!read(settings.directory().resolve(FILE)).equals(this)) {
      throw new GroupException("it cannot use " + settings.directory() + ": it is another folder");
    }
    Path log = RatisProperties.folder(settings);
    Path probe = log.resolve("probe");
    try {
      Files.write(probe, new byte[PROBE_BYTES]);
      Files.delete(probe);
    } catch (IOException e) {
      throw new GroupException("it cannot write to " + log + ": " + FileFailures.reason(e), e);
    }
  }

  private void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path part = directory.resolve(FILE + ".part");
    String text = Json.line(Map.of("id", id, "first", first));
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(part, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }
}
