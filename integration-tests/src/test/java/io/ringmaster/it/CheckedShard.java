package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A site under writes through each of its coordinators, whatever happens to it, and the look for
 * those that were acknowledged.
 *
 * @param <I> what the site is made of
 */
public final class CheckedShard<I extends Instance> implements AutoCloseable {

  private static final Pattern GROUP_LEADER = Pattern.compile("\"leader\":\"(c[0-9])\"");

  private final Site<I> site;
  private final Map<String, CheckedWrites> writers = new TreeMap<>();

  /** {@code name}: where the site is checked more than once, another one each time. */
  CheckedShard(Site<I> site, String name) {
    this(site, name, Duration.ZERO);
  }

  /** The same, with a pause behind each write. */
  public CheckedShard(Site<I> site, String name, Duration pause) {
    this.site = site;
    site.coordinators()
        .forEach(
            (id, coordinator) ->
                writers.put(
                    id, new CheckedWrites(coordinator::client, name + ":" + id + ":", pause)));
  }

  /** Waits until all coordinators write, and any server may lead. */
  public void awaitReady() {
    awaitWrites();
    awaitFollowers();
  }

  /** Waits for acknowledgements of writes that have begun since. */
  void awaitWrites() {
    writers.values().forEach(writer -> writer.awaitMore(50));
  }

  /** The same without those of one coordinator. */
  public void awaitWritesWithout(String coordinator) {
    writers.forEach(
        (id, writer) -> {
          if (!id.equals(coordinator)) {
            writer.awaitMore(50);
          }
        });
  }

  /** The server that leads, if a coordinator answers. */
  public I leader() {
    String map = ask("CLUSTER.SHARDMAP", "JSON");
    return site.servers().stream()
        .filter(server -> map.contains(server.address() + "\",\"role\":\"leader"))
        .findFirst()
        .orElseThrow();
  }

  /** Any server that follows. */
  I replica() {
    I leader = leader();
    return site.servers().stream().filter(one -> !one.equals(leader)).findFirst().orElseThrow();
  }

  /** The id of the coordinator that leads the others. */
  String groupLeader() {
    Matcher found = GROUP_LEADER.matcher(ask("KV.HEALTH", "JSON"));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  void awaitAnotherThan(I former) {
    await().atMost(Duration.ofMinutes(1)).until(() -> !leader().equals(former));
  }

  /** Waits until all servers are admitted as they run now, and the others follow the leader. */
  public void awaitFollowers() {
    Admission.awaitAll(site.servers(), () -> ask("KV.HEALTH", "JSON"));
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(
            () -> {
              try (Jedis server = leader().client()) {
                return server.info("replication").split("state=online", -1).length
                    == site.servers().size();
              }
            });
  }

  /** Lets another server lead, as an operator would. */
  public void handOver() {
    I former = leader();
    ask("CLUSTER.FAILOVER", "s1", "JSON");
    awaitAnotherThan(former);
  }

  /** Harms the leader until another one leads and writes go on, and lets it come back. */
  public void assertLeaderIsReplaced(Consumer<I> harm, Consumer<I> relieve) {
    I leader = leader();
    harm.accept(leader);
    awaitAnotherThan(leader);
    awaitWrites();
    relieve.accept(leader);
    awaitFollowers();
    assertNothingIsLost();
  }

  /** Ends the writes. */
  void assertNothingIsLost() {
    writers.values().forEach(CheckedWrites::stop);
    I coordinator = site.coordinators().values().iterator().next();
    writers.forEach(
        (id, writer) -> {
          try (Jedis client = coordinator.client()) {
            assertThat(writer.count()).isPositive();
            assertThat(writer.missing(client)).isEmpty();
          }
        });
  }

  private String ask(String command, String... arguments) {
    for (I coordinator : site.coordinators().values()) {
      try (Jedis client = coordinator.client()) {
        byte[] reply =
            (byte[])
                client.sendCommand(() -> command.getBytes(StandardCharsets.US_ASCII), arguments);
        return new String(reply, StandardCharsets.UTF_8);
      } catch (JedisException unreachable) {
        // Another one may answer.
      }
    }
    return "";
  }

  @Override
  public void close() {
    writers.values().forEach(CheckedWrites::close);
  }
}
