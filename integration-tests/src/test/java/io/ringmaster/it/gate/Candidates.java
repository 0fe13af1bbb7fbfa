package io.ringmaster.it.gate;

import io.ringmaster.proxy.demo.RedisBinary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * The Redis that ships inside, the one on PATH, and those of {@code -Dgate.servers}; {@code
 * -Dgate.only=true} leaves out the first two.
 */
final class Candidates implements ArgumentsProvider {

  private record Found(List<Candidate> candidates) {}

  @Override
  public Stream<Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Candidates.class))
        .computeIfAbsent(Found.class, key -> find(), Found.class)
        .candidates()
        .stream()
        .map(candidate -> Arguments.of(new Servers(candidate)));
  }

  private static Found find() {
    List<Candidate> candidates = new ArrayList<>();
    try {
      Path folder = Files.createDirectories(Path.of("target", "gate").toAbsolutePath());
      for (Path binary : binaries(folder)) {
        candidates.add(Candidate.of(binary, folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Found(candidates);
  }

  private static List<Path> binaries(Path folder) {
    List<Path> binaries = new ArrayList<>();
    if (!Boolean.getBoolean("gate.only")) {
      binaries.add(RedisBinary.unpack(folder));
      binaries.add(RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder));
    }
    Stream.of(System.getProperty("gate.servers", "").split(","))
        .filter(name -> !name.isBlank())
        .map(name -> Path.of(name.strip()).toAbsolutePath())
        .forEach(binaries::add);
    return binaries.stream().distinct().toList();
  }
}
