package io.ringmaster.cluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost:6379", "10.0.0.1:1", "[::1]:65535", "[fe80::1%eth0]:7000"})
  void printsWhatItParsed(String text) {
    assertThat(NodeId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        ":6379",
        "host:",
        "host:0",
        "host:65536",
        "host:99999999999",
        "host:-1",
        "::1:6379",
        "[]:6379",
        "[::1]",
        "[::1:6379",
        "my host:6379",
        "host:6379x"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> NodeId.parse(text)).isInstanceOf(InvalidTopologyException.class);
  }
}
