package io.ringmaster.cluster.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PauseShard;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Three coordinators, each of which answers for a second after its heartbeat was sent. */
class ReportsTest {

  private static final List<String> MEMBERS = List.of("c1", "c2", "c3");
  private static final Shard SHARD = Shard.of("s1", new NodeId("h", 1), new NodeId("h", 2));
  private static final long LEASE = 1000;

  /** Longer than anybody can believe that the lease lasts. */
  private static final long OVER = 1_200;

  private static Report report(String by, long epoch, Observations observations) {
    return new Report(by, by + "-1", epoch, LEASE, observations);
  }

  private static Reports heard(long epoch, long atMillis) {
    Reports reports = Reports.NONE;
    for (String member : MEMBERS) {
      reports = reports.heard(report(member, epoch, Observations.NONE), atMillis);
    }
    return reports;
  }

  @Test
  void whoMayHoldALeaseIsWaitedFor() {
    Reports reports = heard(7, 0).heard(report("c1", 8, Observations.NONE), 500);
    assertThat(reports.isKnownEverywhere(7, 500)).isTrue();
    assertThat(reports.isKnownEverywhere(8, 500)).isFalse();
  }

  @Test
  void whoIsSilentForALeaseIsNot() {
    Reports reports = heard(7, 0).heard(report("c1", 8, Observations.NONE), OVER);
    assertThat(reports.isKnownEverywhere(8, LEASE)).isFalse();
    assertThat(reports.isKnownEverywhere(8, OVER)).isTrue();
  }

  @Test
  void whoWasRemovedIsWaitedForAsLongAsItMayAnswer() {
    Reports reports = heard(7, 0).heard(report("c1", 8, Observations.NONE), 900);
    reports = reports.heard(report("c2", 8, Observations.NONE), 900);
    assertThat(reports.unprepared(List.of("c1", "c2"), 8, 900)).get().asString().contains("c3");
    assertThat(reports.unprepared(List.of("c1", "c2"), 8, OVER)).isEmpty();
  }

  @Test
  void othersAreWaitedForAsLongAsTheirOwnLeasesLast() {
    Report patient = new Report("c3", "c3-1", 7, 10 * LEASE, Observations.NONE);
    Reports reports = heard(7, 0).heard(patient, 0);
    reports = reports.heard(report("c1", 8, Observations.NONE), OVER);
    assertThat(reports.isKnownEverywhere(8, OVER)).isFalse();
    assertThat(reports.isKnownEverywhere(8, 10 * OVER)).isTrue();
  }

  @Test
  void aLeaseOfTheProcessBeforeMayStillBeHeld() {
    Reports reports =
        Reports.NONE
            .heard(new Report("c1", "c1-1", 7, 10 * LEASE, Observations.NONE), 0)
            .heard(new Report("c1", "c1-2", 7, LEASE, Observations.NONE), 0);
    assertThat(reports.isKnownEverywhere(8, OVER)).isFalse();
  }

  @Test
  void whatIsToldBesideTheLogGrantsNothing() {
    Reports reports = heard(7, 0);
    reports = reports.told(report("c2", 8, Observations.NONE));
    reports = reports.told(report("c3", 8, Observations.NONE));
    assertThat(reports.isKnownEverywhere(8, 0)).isFalse();
    assertThat(reports.isKnownEverywhere(8, OVER)).isTrue();
    assertThat(reports.told(new Report("c1", "c1-2", 8, LEASE, Observations.NONE)))
        .isSameAs(reports);
  }

  @Test
  void aMajorityOfMembersDecidesThatALeaderHasFailed() {
    Observations suspects = Observations.NONE.withSuspects(Map.of("s1", SHARD.epoch()));
    Reports reports = heard(7, 0).heard(report("c1", 7, suspects), 0);
    assertThat(reports.isSuspected(SHARD, MEMBERS, 0)).isFalse();
    reports = reports.heard(report("gone", 7, suspects), 0);
    assertThat(reports.isSuspected(SHARD, MEMBERS, 0)).isFalse();
    reports = reports.told(report("c2", 7, suspects));
    assertThat(reports.isSuspected(SHARD, MEMBERS, 0)).isTrue();
    assertThat(reports.isSuspected(SHARD, MEMBERS, OVER)).isFalse();
  }

  @Test
  void whatWasOvertakenDoesNotCount() {
    Observations before = Observations.NONE.withSuspects(Map.of("s1", SHARD.epoch()));
    Observations after = before.withSuspects(Map.of());
    Reports reports = Reports.NONE.heard(report("c1", 7, after), 0);
    assertThat(reports.heard(report("c1", 7, before), 0).isSuspected(SHARD, List.of("c1"), 0))
        .isFalse();
  }

  @Test
  void aShardIsDrainedOnceNobodyAsksItAnything() {
    Topology planned =
        Topology.initial(List.of(SHARD))
            .apply(new PlanReconfiguration("s1", SHARD.epoch(), List.of(new NodeId("h", 2))));
    Shard held = planned.apply(new PauseShard("s1", SHARD.epoch())).shards().getFirst();
    Observations drained = Observations.NONE.withDrained(Map.of("s1", held.pauseEpoch()));
    Reports reports = heard(7, 0).heard(report("c1", 7, drained), OVER);
    assertThat(reports.isDrained(held, LEASE)).isFalse();
    assertThat(reports.isDrained(held, OVER)).isTrue();
  }

  @Test
  void aMinorityMayNotPlan() {
    Reports reports = heard(7, 0).heard(report("c1", 8, Observations.NONE), OVER);
    assertThat(reports.unprepared(MEMBERS, 8, OVER))
        .contains("1 of 3 coordinators answer, which is no majority");
  }

  @Test
  void theFurthestMarkerIsThatOfAnybody() {
    MarkerPosition far = new MarkerPosition(4, 9);
    Reports reports = heard(7, 0);
    assertThat(reports.furthestMarker("s1")).isEqualTo(MarkerPosition.NONE);
    reports =
        reports
            .heard(report("c1", 7, Observations.NONE.withMarkers(Map.of("s1", far))), 0)
            .heard(
                report(
                    "c2", 7, Observations.NONE.withMarkers(Map.of("s1", new MarkerPosition(4, 8)))),
                0);
    assertThat(reports.furthestMarker("s1")).isEqualTo(far);
  }

  @Test
  void whomTheLogHasForgottenIsForgotten() {
    Reports reports = heard(7, 0).only(List.of("c1"));
    assertThat(reports.all().map(Report::by)).containsExactly("c1");
  }
}
