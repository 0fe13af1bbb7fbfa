package io.ringmaster.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The images that tests run: those that the variables {@code REDIS_IMAGE} and {@code
 * RINGMASTER_IMAGE} name, or else what {@code bin/images} makes of this machine.
 */
record ContainerImages(String redis, String ringmaster) {

  static ContainerImages locate(Path folder) {
    String redis = System.getenv("REDIS_IMAGE");
    String ringmaster = System.getenv("RINGMASTER_IMAGE");
    if (redis != null && ringmaster != null) {
      return new ContainerImages(redis, ringmaster);
    }
    try {
      Path script = Path.of("..", "bin", "images").toAbsolutePath().normalize();
      Programs.Result result = Programs.run(folder, List.of(script.toString()));
      if (result.exitCode() != 0) {
        throw new IllegalStateException(result.output());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ContainerImages("ringmaster-base:local", "ringmaster:local");
  }
}
