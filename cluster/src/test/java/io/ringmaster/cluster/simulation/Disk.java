package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private @Nullable Disk rewriting;

  void append(Effect effect) {
    Disk next = rewriting;
    if (next == null) {
      appended.add(effect);
    } else {
      next.append(effect);
    }
  }

  /** Begins anew with what a full copy has brought. */
  void rewrite(Database whole) {
    base = whole;
    appended = new ArrayList<>();
    rewriting = null;
  }

  /**
   * The same, but in the background: until {@link #finishRewrite} a crash leaves what was there
   * before, and nothing of what came since.
   */
  void beginRewrite(Database whole) {
    Disk next = new Disk();
    next.rewrite(whole);
    rewriting = next;
  }

  boolean isRewriting() {
    return rewriting != null;
  }

  void finishRewrite() {
    Disk next = rewriting;
    if (next != null) {
      base = next.base;
      appended = next.appended;
      rewriting = null;
    }
  }

  Database afterCrash(Survival survival, World world) {
    int left =
        switch (survival) {
          case ALL -> appended.size();
          case PART -> world.below(appended.size() + 1);
          case NONE -> 0;
        };
    rewriting = null;
    Database loaded = survival == Survival.NONE ? new Database() : base.copy();
    appended.subList(0, left).forEach(loaded::apply);
    rewrite(loaded.copy());
    return loaded;
  }
}
