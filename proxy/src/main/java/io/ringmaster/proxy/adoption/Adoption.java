package io.ringmaster.proxy.adoption;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Takes servers over that run already. */
public final class Adoption {

  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final Order order;
  private final ServerLinks links;

  /**
   * The order of the operator.
   *
   * @param from address of a master, or of a Sentinel
   * @param master what Sentinels call it; empty if they know only one
   * @param to the coordinators that are to take it over; none if they do not exist yet
   * @param servers how to log in at servers
   * @param sentinels how to log in at Sentinels
   * @param coordinators how to log in at coordinators
   * @param databases how many clients may use
   * @param marker of the shard that the servers become
   * @param allowsUntested whether versions may be used that were never tried
   */
  public record Order(
      NodeId from,
      String master,
      List<NodeId> to,
      Access servers,
      Access sentinels,
      Access coordinators,
      int databases,
      Marker marker,
      boolean allowsUntested) {

    public Order {
      to = List.copyOf(to);
    }
  }

  /** Uses {@code links} for all it asks. */
  public Adoption(Order order, ServerLinks links) {
    this.order = order;
    this.links = links;
  }

  /**
   * Looks at everything, and changes nothing.
   *
   * @throws AdoptionException if there is nothing that could be looked at
   */
  public Plan plan() {
    Origin origin =
        new Discovery(links, order.servers(), order.sentinels()).find(order.from(), order.master());
    Plan plan = plan(origin);
    List<Finding> findings = new ArrayList<>();
    origin
        .watch()
        .ifPresent(
            watch -> findings.addAll(new Sentinels(links, order.sentinels(), watch).inspect()));
    findings.addAll(coordinators().inspect(plan.servers()));
    findings.addAll(plan.findings());
    return new Plan(origin, plan.reports(), findings);
  }

  private Plan plan(Origin origin) {
    List<ServerReport> reports = new ArrayList<>();
    List<Finding> unreachable = new ArrayList<>();
    ServerReport master = Reporter.report(links, origin.master(), order.servers(), true);
    reports.add(master);
    for (ServerReport.Attached replica : master.attached()) {
      try {
        reports.add(Reporter.report(links, replica.node(), order.servers(), false));
      } catch (AdoptionException e) {
        unreachable.add(Finding.obstacle("" + e.getMessage()));
      }
    }
    unreachable.addAll(
        new Inspection(origin, reports, order.databases(), order.marker(), order.allowsUntested())
            .findings());
    return new Plan(origin, reports, unreachable);
  }

  private Coordinators coordinators() {
    return new Coordinators(links, order.coordinators(), order.to());
  }

  /**
   * Does what the plan says, and returns when the shard serves.
   *
   * @param told hears of each step
   * @throws AdoptionException if a step fails; the message says what is the case then
   */
  public void apply(Plan plan, Consumer<String> told) {
    Optional<Sentinels> sentinels =
        plan.origin().watch().map(watch -> new Sentinels(links, order.sentinels(), watch));
    sentinels.ifPresent(watching -> watching.forget(told));
    String undo =
        sentinels.map(watching -> "; nothing else was changed; " + watching.undo()).orElse("");
    requireUnchanged(plan, undo);
    awaitFitness(undo);
    new Takeover(links, order.servers(), coordinators()).run(plan, undo, told);
  }

  /** Sentinels may have acted until just now. */
  private void requireUnchanged(Plan plan, String undo) {
    if (!Patience.until(LONGEST, () -> isUnchanged(plan))) {
      throw new AdoptionException("the servers have changed meanwhile, look at them again" + undo);
    }
  }

  private boolean isUnchanged(Plan plan) {
    Plan now = plan(new Origin(plan.origin().master(), Optional.empty()));
    return now.isPossible()
        && Set.copyOf(now.servers()).equals(Set.copyOf(plan.servers()))
        && now.master().run().equals(plan.master().run());
  }

  /** Coordinators look once in a while only, and refuse what they find unfit until then. */
  private void awaitFitness(String undo) {
    Coordinators coordinators = coordinators();
    if (!Patience.until(LONGEST, () -> coordinators.unfit().isEmpty())) {
      throw new AdoptionException(
          "coordinators find servers unfit: " + coordinators.unfit() + undo);
    }
  }
}
