package io.ringmaster.cluster.replication;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PoliciesTest {

  @Test
  void noneMayBeMissingThatAKeyspaceMayName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Policies(Map.of()))
        .withMessageContaining("LEADER");
  }
}
