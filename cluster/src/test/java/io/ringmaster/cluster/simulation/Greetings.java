package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.control.EpochUsers;
import io.ringmaster.cluster.control.EpochUsers.Login;
import io.ringmaster.cluster.control.EpochUsers.Role;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.Shard;

/** How one logs in as a user of the epoch that one knows. */
final class Greetings {

  static final EpochUsers USERS = new EpochUsers("secret");

  private Greetings() {}

  static Words of(Shard shard, Lane lane) {
    boolean data = lane.purpose() == Lane.Purpose.DATA;
    Login login = USERS.login(shard, data ? Role.DATA : Role.INTERNAL);
    return Words.reading("HELLO", login.user(), login.password());
  }
}
