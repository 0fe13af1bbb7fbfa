package io.ringmaster.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.topology.InvalidTopologyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @CsvSource({
    "redis-1.example.com:6379, redis-1.example.com:6379",
    "10.0.0.1:6379, 10.0.0.1:6379",
    "[::1]:6379, [::1]:6379",
    "[0:0:0:0:0:0:0:1]:6379, [::1]:6379",
    "[0000:0000:0000:0000:0000:0000:0000:0001]:6379, [::1]:6379",
    "[2001:DB8:0:0:1::1]:1, [2001:db8::1:0:0:1]:1",
    "[2001:db8:0:1:1:1:1:1]:1, [2001:db8:0:1:1:1:1:1]:1",
    "[::]:6379, [::]:6379",
    "[::ffff:10.0.0.1]:6379, 10.0.0.1:6379",
    "[::FFFF:a00:1]:6379, 10.0.0.1:6379",
    "[fe80:0:0:0:0:0:0:1%eth0]:6379, [fe80::1%eth0]:6379"
  })
  void hasOneForm(String text, String form) {
    assertThat(Address.parse(text)).map(Address::toString).hasValue(form);
    assertThat(Address.node(text)).hasToString(form);
  }

  @ParameterizedTest
  @CsvSource({
    "::1, ::1",
    "[::1], ::1",
    "[0:0:0:0:0:0:0:1], ::1",
    "'::', '::'",
    "::ffff:10.0.0.1, 10.0.0.1",
    "localhost, localhost"
  })
  void aHostMayStandInBracketsOrNot(String text, String host) {
    assertThat(Address.host(text)).hasValue(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1:6379",
        "[::1]",
        "[::1:6379",
        "::1]:6379",
        "[localhost]:6379",
        "[10.0.0.1]:6379",
        "[1:2:3]:6379",
        "[1::2::3]:6379",
        "[12345::1]:6379",
        "[]:6379",
        ":6379",
        "h:0",
        "h:65536",
        "h:x"
      })
  void refusesWhatIsNone(String text) {
    assertThat(Address.parse(text)).isEmpty();
  }

  @Test
  void aNodeThatIsTypedWronglyIsToldSo() {
    assertThatThrownBy(() -> Address.node("::1:6379"))
        .isInstanceOf(InvalidTopologyException.class)
        .hasMessageContaining("an IPv6 address stands in brackets");
  }
}
