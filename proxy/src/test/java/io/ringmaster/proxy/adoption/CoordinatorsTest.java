package io.ringmaster.proxy.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.config.Secret;
import io.ringmaster.proxy.wire.FakeShards;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoordinatorsTest {

  /** Who is to adopt is refused at once, not after the Sentinels have forgotten their master. */
  @Test
  void aUserWhoIsNoAdministratorIsAnObstacle() {
    String digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
    try (ProxyServer proxy =
            FakeShards.proxy(
                List.of("127.0.0.1:1"),
                "auth.users=[{name = default, password-sha256 = [" + digest + "]}]");
        ServerLinks links = new ServerLinks(Duration.ofSeconds(10))) {
      NodeId address = new NodeId("127.0.0.1", proxy.address().getPort());
      Access access = new Access("", new Secret("secret"));

      List<Finding> found = new Coordinators(links, access, List.of(address)).inspect(List.of());

      assertThat(found).singleElement().asString().contains("the user is no administrator");
    }
  }
}
