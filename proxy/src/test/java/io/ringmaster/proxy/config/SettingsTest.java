package io.ringmaster.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.proxy.config.Settings.Policy;
import io.ringmaster.proxy.config.Settings.Shard;
import io.ringmaster.proxy.config.Settings.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir private Path folder;

  @Test
  void takesEveryDefaultFromTheReference() {
    Settings settings = new SettingsSource().readWithoutShards();

    assertThat(settings.listen().host()).isEqualTo("127.0.0.1");
    assertThat(settings.listen().port()).isEqualTo(7379);
    assertThat(settings.listen().protectedMode()).isTrue();
    assertThat(settings.listen().transport()).isEqualTo(Transport.AUTO);
    assertThat(settings.http().enabled()).isTrue();
    assertThat(settings.auth().required()).isFalse();
    assertThat(settings.limits().bytesInFlight()).isEqualTo(1 << 20);
    assertThat(settings.limits().unreadOutput()).isEqualTo(64L << 20);
    assertThat(settings.limits().idleTimeout()).isZero();
    assertThat(settings.limits().unauthenticated().maxOutput()).isEqualTo(1024);
    assertThat(settings.backend().reconnectMin()).isEqualTo(Duration.ofMillis(50));
    assertThat(settings.backend().password().isEmpty()).isTrue();
    assertThat(settings.server().announcedVersion()).isEqualTo("7.0.15");
    assertThat(settings.shards()).isEmpty();
  }

  @Test
  void readsShardsAndKeyspaces() throws IOException {
    Settings settings =
        new SettingsSource()
            .file(
                file(
                    """
                    shards = [
                      { id = a, leader = "redis-1:6379", replicas = ["[::1]:6380"], weight = 2 }
                      { id = b, leader = "10.0.0.1:6379" }
                    ]
                    keyspaces = [{ name = sessions, prefix = "session:", policy = leader, shards = [b] }]
                    """))
            .read();

    Address ipv6 = new Address("::1", 6380);
    assertThat(settings.shards())
        .containsExactly(
            new Shard("a", 2, new Address("redis-1", 6379), List.of(ipv6)),
            new Shard("b", 1, new Address("10.0.0.1", 6379), List.of()));
    assertThat(settings.keyspaces())
        .containsExactly(
            new Settings.Keyspace(
                "sessions",
                "session:",
                Policy.LEADER,
                List.of("b"),
                ReadLevel.LEADER,
                WriteLevel.DEFAULT));
    assertThat(ipv6).hasToString("[::1]:6380");
  }

  @Test
  void lastWordOfTheCommandLineWins() throws IOException {
    Settings settings =
        new SettingsSource()
            .file(file("listen { port = 1, threads = 5 }\nlimits.max-bulk = 1m"))
            .set("--port", "listen.port", 2)
            .set("limits.max-bulk=2m")
            .set("limits.max-bulk = 3m")
            .set("listen.host=::1")
            .shards(List.of("127.0.0.1:1,127.0.0.1:2", "127.0.0.1:3"))
            .read();

    assertThat(settings.listen().port()).isEqualTo(2);
    assertThat(settings.listen().threads()).isEqualTo(5);
    assertThat(settings.listen().host()).isEqualTo("::1");
    assertThat(settings.limits().maxBulk()).isEqualTo(3 << 20);
    assertThat(settings.shards()).extracting(Shard::id).containsExactly("s1", "s2");
    assertThat(settings.shards().getFirst().replicas())
        .containsExactly(new Address("127.0.0.1", 2));
  }

  @Test
  void takesOneLoopPerCoreForZeroThreads() {
    Settings settings = new SettingsSource().set("listen.threads=0").readWithoutShards();

    assertThat(settings.listen().threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void normalisesDigestsAndKeepsPasswordsOutOfText() {
    String digest = "AB".repeat(32);
    Settings settings =
        new SettingsSource()
            .set("auth.users=[{name=default, password-sha256=[" + digest + "]}]")
            .set("backend.password=swordfish")
            .readWithoutShards();

    assertThat(settings.auth().users().getFirst().passwordDigests())
        .containsExactly("ab".repeat(32));
    assertThat(settings.backend().password().text()).isEqualTo("swordfish");
    assertThat(settings.toString()).doesNotContain("swordfish");
  }

  @Test
  void aUserIsAnAdministratorOnlyIfThatStandsThere() {
    String digests = "password-sha256=[" + "ab".repeat(32) + "]";
    Settings settings =
        new SettingsSource()
            .set("auth.users=[{name=a, " + digests + "}, {name=b, admin=true, " + digests + "}]")
            .set("auth.admin-commands=[FLUSHALL, \"script|flush\"]")
            .readWithoutShards();

    assertThat(settings.auth().users())
        .extracting(Settings.User::admin)
        .containsExactly(false, true);
    assertThat(settings.auth().adminCommands())
        .containsExactlyInAnyOrder("flushall", "script|flush");
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("test.conf"), content);
  }
}
