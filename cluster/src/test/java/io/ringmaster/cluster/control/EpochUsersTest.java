package io.ringmaster.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.control.EpochUsers.Login;
import io.ringmaster.cluster.control.EpochUsers.Role;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EpochUsersTest {

  private final EpochUsers users = new EpochUsers("secret");

  private static Shard shard(String id, long epoch) {
    return new Shard(id, 0, 1, List.of(Node.leader(new NodeId("h", 1))), epoch);
  }

  @Test
  void theyAreNamedAfterShardEpochAndRole() {
    assertThat(users.login(shard("s1", 7), Role.DATA).user()).isEqualTo("rp-s1-7-data");
    assertThat(users.login(shard("a-b", 7), Role.REPLICA).user()).isEqualTo("rp-a-b-7-replica");
    assertThat(users.administrator(new Term(1, 3)).user()).isEqualTo("rp-adm-1-3");
  }

  @Test
  void aShardKnowsItsOwnUsersThoughNamesOfOthersBeginAlike() {
    String ofLonger = users.login(shard("s1-2", 3), Role.DATA).user();
    assertThat(EpochUsers.isOf(ofLonger, "s1-2")).isTrue();
    assertThat(EpochUsers.isOf(ofLonger, "s1")).isFalse();
    assertThat(EpochUsers.isOf(users.login(shard("s1", 2), Role.DATA).user(), "s1-2")).isFalse();
    assertThat(EpochUsers.isOf("rp-sx1-2-data", "s.1")).isFalse();
    assertThat(EpochUsers.isOf("default", "s1")).isFalse();
  }

  @Test
  void administratorsAreNobodysAndHaveATerm() {
    assertThat(EpochUsers.termOf("rp-adm-12")).isEqualTo(new Term(0, 12));
    assertThat(EpochUsers.termOf("rp-adm-7-12")).isEqualTo(new Term(7, 12));
    assertThat(EpochUsers.termOf("rp-adm-12-data")).isEqualTo(Term.NONE);
    assertThat(EpochUsers.termOf("rp-adm-")).isEqualTo(Term.NONE);
    assertThat(EpochUsers.termOf("default")).isEqualTo(Term.NONE);
    assertThat(EpochUsers.isOf("rp-adm-12", "adm")).isFalse();
  }

  @Test
  void passwordsDifferBySecretShardEpochAndRole() {
    Stream<Login> logins =
        Stream.of(
            users.login(shard("s1", 1), Role.DATA),
            users.login(shard("s1", 1), Role.INTERNAL),
            users.login(shard("s1", 2), Role.DATA),
            users.login(shard("s2", 1), Role.DATA),
            users.administrator(new Term(1, 1)),
            new EpochUsers("other").login(shard("s1", 1), Role.DATA));
    assertThat(logins.map(Login::password)).doesNotHaveDuplicates();
    assertThat(users.login(shard("s1", 1), Role.DATA))
        .isEqualTo(new EpochUsers("secret").login(shard("s1", 1), Role.DATA));
  }

  @Test
  void aPasswordIsNotShown() {
    Login login = users.login(shard("s1", 1), Role.DATA);
    assertThat(login.toString()).doesNotContain(login.password());
  }

  @Test
  void deletesAllUsersOfTheShardOrThoseOfOtherEpochs() {
    List<String> present =
        List.of("default", "rp-adm-1", "rp-s1-2-data", "rp-s1-20-data", "rp-s1-2-1-data");
    assertThat(users.deleteAllOf(shard("s1", 2), present).orElseThrow())
        .hasToString("ACL DELUSER rp-s1-2-data rp-s1-20-data");
    assertThat(users.deleteOthersOf(shard("s1", 2), present).orElseThrow())
        .hasToString("ACL DELUSER rp-s1-20-data");
    assertThat(users.deleteAllOf(shard("s3", 2), present)).isEmpty();
  }

  @Test
  void deletesAdministratorsOfEarlierTermsOnly() {
    List<String> present =
        List.of("default", "rp-adm-12", "rp-adm-5-9", "rp-adm-5-10", "rp-adm-5-11", "rp-adm-6-1");
    assertThat(users.deleteBefore(new Term(5, 10), present).orElseThrow())
        .hasToString("ACL DELUSER rp-adm-12 rp-adm-5-9");
  }
}
