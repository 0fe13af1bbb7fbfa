package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.proxy.metadata.Topologies;
import io.ringmaster.proxy.metadata.ratis.GroupSettings.TlsFiles;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class TlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  @Test
  void coordinatorsThatTrustEachOtherAgree() throws Exception {
    TlsFiles files = certificate("one");
    try (Coordinators group =
        Coordinators.start(
            3, folder, Topologies.of(1), settings -> with(settings, Optional.of(files)))) {
      group.awaitEverywhere(group.commit(group.aFollower(), new SetWeight("s1", 2)));
    }
  }

  @Test
  void oneWithoutACertificateThatIsTrustedTakesNoPart() throws Exception {
    TlsFiles ours = certificate("ours");
    TlsFiles other = certificate("other");
    TlsFiles stranger = new TlsFiles(other.certificate(), other.key(), ours.trust());
    assertThatThrownBy(
            () ->
                Coordinators.start(
                    2,
                    folder,
                    Topologies.of(1),
                    settings ->
                        with(
                            Coordinators.waiting(
                                settings, settings.timeout(), Duration.ofSeconds(5)),
                            Optional.of(settings.self().id().equals("c1") ? ours : stranger))))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("no answer from [c2 at ");
  }

  private static GroupSettings with(GroupSettings settings, Optional<TlsFiles> tls) {
    return Coordinators.with(
        settings,
        tls,
        settings.timeout(),
        settings.startTimeout(),
        settings.snapshotEntries(),
        settings.segmentBytes());
  }

  /** A certificate for this machine that is its own authority. */
  private TlsFiles certificate(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                List.of(
                    keytool.toString(),
                    "-genkeypair",
                    "-alias",
                    name,
                    "-keyalg",
                    "RSA",
                    "-keysize",
                    "2048",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "SAN=ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Certificate certificate = keys.getCertificate(name);
    byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
    Path chain = pem(name + ".crt", "CERTIFICATE", certificate.getEncoded());
    return new TlsFiles(chain, pem(name + ".key", "PRIVATE KEY", key), chain);
  }

  private Path pem(String file, String type, byte[] content) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }
}
