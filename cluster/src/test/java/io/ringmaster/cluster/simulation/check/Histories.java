package io.ringmaster.cluster.simulation.check;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;

/** Operations on one key for hand-written histories, with their times. */
final class Histories {

  private Histories() {}

  static Operation set(String value, long called, long returned) {
    return operation(1, Kind.SET, value, Fate.DONE, called, returned);
  }

  static Operation uncertainSet(String value, long called, long returned) {
    return operation(1, Kind.SET, value, Fate.UNCERTAIN, called, returned);
  }

  static Operation failedSet(String value, long called, long returned) {
    return operation(1, Kind.SET, value, Fate.NOT_DONE, called, returned);
  }

  static Operation get(String value, long called, long returned) {
    return operation(2, Kind.GET, value, Fate.DONE, called, returned);
  }

  static Operation increment(String value, long called, long returned) {
    return operation(3, Kind.INCREMENT, value, Fate.DONE, called, returned);
  }

  static Operation uncertainIncrement(long called, long returned) {
    return operation(3, Kind.INCREMENT, "", Fate.UNCERTAIN, called, returned);
  }

  static Operation delete(long called, long returned) {
    return operation(4, Kind.DELETE, "", Fate.DONE, called, returned);
  }

  static Operation operation(
      int session, Kind kind, String value, Fate fate, long called, long returned) {
    return new Operation(session, kind, "key", value, fate, called, returned, 1);
  }
}
