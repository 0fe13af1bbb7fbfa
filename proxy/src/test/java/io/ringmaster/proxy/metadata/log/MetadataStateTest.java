package io.ringmaster.proxy.metadata.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.topology.RemoveShard;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.proxy.metadata.Topologies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MetadataStateTest {

  private final Topology seed = Topologies.of(2);
  private final MetadataState seeded =
      MetadataState.EMPTY.apply(new InitialTopology(seed, "c1", Instant.EPOCH, "1f")).state();

  private static Report report(String by, String instance, long epoch, Observations observations) {
    return new Report(by, instance, epoch, 3000, observations);
  }

  private static Heartbeat heartbeat(
      String by, String instance, long epoch, Observations observations) {
    return new Heartbeat(report(by, instance, epoch, observations));
  }

  @Test
  void aGroupIsAsOldAsItsSeed() {
    Instant founded = Instant.ofEpochSecond(1_700_000_000);
    MetadataState state =
        MetadataState.EMPTY.apply(new InitialTopology(seed, "c1", founded, "1f")).state();
    assertThat(state.generation()).isEqualTo(1_700_000_000);
    state = state.apply(heartbeat("c1", "i", 1, Observations.NONE)).state();
    state = state.apply(proposal("a", new SetWeight("s1", 2))).state();
    assertThat(state.generation()).isEqualTo(1_700_000_000);
  }

  @Test
  void onlyTheFirstSeedCounts() {
    MetadataState.Step second =
        seeded.apply(new InitialTopology(Topologies.of(3), "c2", Instant.EPOCH, "1f"));

    assertThat(second.state()).isSameAs(seeded);
    assertThat(second.result().isCommitted()).isFalse();
    assertThat(seeded.topology()).contains(seed);
  }

  @Test
  void aChangeRaisesTheEpochAndIsRemembered() {
    MetadataState.Step step = seeded.apply(proposal("a", new SetWeight("s1", 2)));

    assertThat(step.result()).isEqualTo(ProposalResult.committed(2));
    assertThat(step.state().epoch()).isEqualTo(2);
    TopologyEvent event = step.state().events().getLast();
    assertThat(event.epoch()).isEqualTo(2);
    assertThat(event.change()).isEqualTo("{\"kind\":\"set-weight\",\"shard\":\"s1\",\"weight\":2}");
    assertThat(event.by()).isEqualTo("c1");
  }

  @Test
  void aChangeThatDoesNotFitIsRefusedWithItsReason() {
    MetadataState.Step step = seeded.apply(proposal("a", new RemoveShard("s9")));

    assertThat(step.state()).isSameAs(seeded);
    assertThat(step.result()).isEqualTo(ProposalResult.refused("there is no shard s9"));
    assertThat(ProposalResult.parse(step.result().text())).isEqualTo(step.result());
  }

  @Test
  void aChangeForAnotherEpochIsRefused() {
    Proposal stale =
        new Proposal(
            "a",
            new SetWeight("s1", 2),
            OptionalLong.of(7),
            "c1",
            "",
            Instant.EPOCH,
            Duration.ZERO);

    assertThat(seeded.apply(stale).result().reason())
        .isEqualTo("the topology has epoch 1 by now, not 7");
  }

  @Test
  void aProposalThatArrivesTwiceIsAppliedOnceAndAnsweredTheSame() {
    Proposal proposal = proposal("a", new SetWeight("s1", 2));
    MetadataState.Step first = seeded.apply(proposal);
    MetadataState.Step other = first.state().apply(proposal("b", new SetWeight("s1", 3)));

    MetadataState.Step again = other.state().apply(proposal);

    assertThat(again.state()).isSameAs(other.state());
    assertThat(again.result()).isEqualTo(first.result());
  }

  @Test
  void beforeTheSeedNothingCanChange() {
    assertThat(MetadataState.EMPTY.apply(heartbeat("c1", "i", 0, Observations.NONE)).state())
        .isSameAs(MetadataState.EMPTY);
    assertThat(MetadataState.EMPTY.apply(proposal("a", new SetWeight("s1", 2))).result().reason())
        .isEqualTo("there is no topology yet");
  }

  @Test
  void theNumberOfRememberedChangesIsBounded() {
    MetadataState state = seeded;
    for (int i = 0; i < 2 * MetadataState.EVENTS; i++) {
      state = state.apply(proposal("p" + i, new SetWeight("s1", 1 + i % 9))).state();
    }

    assertThat(state.events()).hasSize(MetadataState.EVENTS);
    assertThat(state.events().getLast().epoch()).isEqualTo(state.epoch());
  }

  @Test
  void theDifferenceNamesWhatWasEditedInVain() {
    Topology agreed = seed.apply(new SetWeight("s1", 2));

    assertThat(TopologyDifference.between(seed, seed)).isEmpty();
    assertThat(TopologyDifference.between(seed, agreed))
        .isEqualTo(List.of("shard s1 is configured otherwise"));
    assertThat(TopologyDifference.between(Topologies.of(3), seed))
        .contains("shard s3 is configured only");
    assertThat(TopologyDifference.between(Topologies.of(1), seed))
        .contains("shard s2 is not configured");
  }

  @Test
  void aHeartbeatIsRememberedAndChangesNeitherTopologyNorEvents() {
    MetadataState.Step step = seeded.apply(heartbeat("c1", "i", 1, Observations.NONE));

    assertThat(step.state().reports()).containsExactly(report("c1", "i", 1, Observations.NONE));
    assertThat(step.state().topology()).isEqualTo(seeded.topology());
    assertThat(step.state().events()).isEqualTo(seeded.events());
    assertThat(step.state().apply(proposal("a", new SetWeight("s1", 2))).state().reports())
        .isEqualTo(step.state().reports());
  }

  @Test
  void whatWasFoundLaterCounts() {
    Observations first = Observations.NONE.withDrained(Map.of("s1", 2L));
    Observations second = first.withSuspects(Map.of("s2", 3L));
    MetadataState state =
        after(
            heartbeat("c1", "i", 7, second),
            heartbeat("c1", "i", 8, first),
            heartbeat("c2", "j", 8, second),
            heartbeat("c2", "k", 8, first));

    assertThat(state.reports())
        .containsExactly(report("c1", "i", 8, second), report("c2", "k", 8, first));
  }

  @Test
  void aHeartbeatThatWasHeldUpTakesNothingBack() {
    MetadataState state =
        after(
            heartbeat("c1", "i", 7, Observations.NONE),
            heartbeat("c2", "j", 3, Observations.NONE),
            heartbeat("c1", "i", 5, Observations.NONE),
            heartbeat("c2", "k", 8, Observations.NONE));

    assertThat(state.reports())
        .containsExactly(
            report("c1", "i", 7, Observations.NONE), report("c2", "k", 8, Observations.NONE));
  }

  @Test
  void thoseWhoseHeartbeatsAreLastAreRemembered() {
    MetadataState state = seeded.apply(heartbeat("old", "i", 1, Observations.NONE)).state();
    for (int i = 0; i < MetadataState.COORDINATORS; i++) {
      state = state.apply(heartbeat("c1", "i", 1, Observations.NONE)).state();
      state = state.apply(heartbeat("n" + i, "i", 1, Observations.NONE)).state();
    }

    assertThat(state.reports())
        .hasSize(MetadataState.COORDINATORS)
        .contains(report("c1", "i", 1, Observations.NONE))
        .doesNotContain(report("old", "i", 1, Observations.NONE));
  }

  @Test
  void aNameBelongsToTheFolderThatClaimedItFirst() {
    MetadataState claimed = seeded.apply(new Registration("c1", "f", "1f")).state();

    assertThat(claimed.folders()).isEqualTo(Map.of("c1", "f"));
    assertThat(claimed.apply(new Registration("c1", "f", "1f")).result().isCommitted()).isTrue();
    assertThat(claimed.apply(new Registration("c1", "g", "1f")).result().reason())
        .startsWith("another folder belongs to c1");
    assertThat(claimed.apply(new Registration("c1", "g", "1f")).state()).isSameAs(claimed);
    assertThat(claimed.apply(new Registration("c2", "g", "1f")).state().folders()).hasSize(2);
  }

  @Test
  void whoHasAnotherSecretThanTheGroupBeganWithIsRefused() {
    for (String other : List.of("2f", "")) {
      MetadataState.Step step = seeded.apply(new Registration("c2", "f", other));

      assertThat(step.result())
          .isEqualTo(ProposalResult.refused("coordinator.secret differs from that of the others"));
      assertThat(step.state()).isSameAs(seeded);
    }
  }

  private MetadataState after(Heartbeat... heartbeats) {
    MetadataState state = seeded;
    for (Heartbeat heartbeat : heartbeats) {
      state = state.apply(heartbeat).state();
    }
    return state;
  }

  private static Proposal proposal(String id, TopologyChange change) {
    return new Proposal(
        id, change, OptionalLong.empty(), "c1", "test", Instant.EPOCH, Duration.ZERO);
  }
}
