package io.ringmaster.cluster.topology;

/**
 * One step from a topology to the next. A plain value: planners return changes, a log keeps them,
 * and everyone who applies the same changes holds the same topology. What a change means never
 * depends on anything but the topology it is applied to.
 */
public sealed interface TopologyChange
    permits AddShard,
        RemoveShard,
        SetWeight,
        PlanReconfiguration,
        MarkOutOfSync,
        PauseShard,
        ResumeShard,
        HandOver,
        StopShard,
        QuiesceShard,
        FenceShard,
        PromoteLeader,
        ServeShard,
        MarkIntact,
        MarkDurable,
        AddKeyspace,
        AssignSlots {

  /**
   * The topology after this change, its epoch one higher.
   *
   * @throws InvalidTopologyException if the change cannot be made to {@code topology}
   */
  Topology applyTo(Topology topology);
}
