package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * The name of a server's history, how far it has come in it, and the last part of it. A replica may
 * go on where it stopped only inside the same history. Offsets count effects, not bytes.
 *
 * <p>Who has had neither a replica nor a leader yet keeps no part of it, and begins another history
 * with its first replica.
 */
final class ReplicationHistory {

  private final int kept;
  private List<Effect> recent = new ArrayList<>();
  private String id;
  private String formerId = "";
  private long formerEnd = -1;
  private long offset;
  private boolean keeps;

  ReplicationHistory(String id, int kept) {
    this.id = id;
    this.kept = kept;
  }

  String id() {
    return id;
  }

  long offset() {
    return offset;
  }

  void append(Effect effect) {
    offset++;
    recent.add(effect);
    if (recent.size() > 2 * kept) {
      recent = new ArrayList<>(recent.subList(kept, recent.size()));
    }
  }

  boolean canContinue(String wantedId, long from) {
    if (!keeps) {
      return false;
    }
    boolean known = wantedId.equals(id) || (wantedId.equals(formerId) && from <= formerEnd);
    return known && from <= offset && from >= offset - recent.size();
  }

  List<Effect> after(long from) {
    return List.copyOf(recent.subList(recent.size() - (int) (offset - from), recent.size()));
  }

  /** Its first replica comes. */
  void keep(String newId) {
    if (!keeps) {
      keeps = true;
      id = newId;
      formerId = "";
      formerEnd = -1;
    }
  }

  /** A replica was made a leader: its history leaves that of its former leader here. */
  void fork(String newId) {
    formerId = id;
    formerEnd = offset;
    id = newId;
  }

  /** After a full copy. */
  void replace(String newId, long newOffset) {
    keeps = true;
    id = newId;
    offset = newOffset;
    formerId = "";
    formerEnd = -1;
    recent = new ArrayList<>();
  }
}
