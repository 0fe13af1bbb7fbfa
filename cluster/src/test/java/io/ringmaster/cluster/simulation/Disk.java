package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;

/** The append-only file of a server. */
final class Disk {

  /** How much of it a crash leaves. */
  enum Survival {
    ALL,
    PART,
    NONE
  }

  private Database base = new Database();
  private List<Effect> appended = new ArrayList<>();

  void append(Effect effect) {
    appended.add(effect);
  }

  /** Begins anew with what a full copy has brought. */
  void rewrite(Database whole) {
    base = whole;
    appended = new ArrayList<>();
  }

  Database afterCrash(Survival survival, World world) {
    int left =
        switch (survival) {
          case ALL -> appended.size();
          case PART -> world.below(appended.size() + 1);
          case NONE -> 0;
        };
    Database loaded = survival == Survival.NONE ? new Database() : base.copy();
    appended.subList(0, left).forEach(loaded::apply);
    rewrite(loaded.copy());
    return loaded;
  }
}
