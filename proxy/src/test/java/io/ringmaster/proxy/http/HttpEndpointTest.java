package io.ringmaster.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpEndpointTest {
  private final AtomicReference<String> unlive = new AtomicReference<>("");
  private final AtomicReference<String> unready = new AtomicReference<>("");
  private final Map<String, String> parts = new ConcurrentHashMap<>();
  private final HttpEndpoint endpoint =
      new HttpEndpoint(
          "127.0.0.1",
          0,
          () -> "some_metric 1\n",
          List.of(Check.of("loops", unlive::get)),
          List.of(Check.of("clients", unready::get), Check.ofAll("shards", () -> parts)));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    endpoint.close();
  }

  @Test
  void answersMetricsAsPrometheusText() throws Exception {
    HttpResponse<String> response = send("GET", "/metrics?x=1");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("some_metric 1\n");
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
  }

  @Test
  void isLiveEvenWhenItIsNotReady() throws Exception {
    unready.set("stopping");

    assertThat(send("GET", "/live").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/ready").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/ready").body())
        .isEqualTo(
            """
            {"checks":{"clients":{"ok":false,"reason":"stopping"},"shards":{"ok":true}},"ok":false}
            """);
  }

  @Test
  void isReadyWhenThereIsNoReasonAgainstIt() throws Exception {
    assertThat(send("GET", "/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void isNotReadyWhileAPartOfACheckIsNotWell() throws Exception {
    parts.put("s1", "");
    parts.put("s2", "no \"leader\"");
    HttpResponse<String> response = send("GET", "/ready");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body())
        .contains("\"shards\":{\"ok\":false,\"parts\":{\"s1\":{\"ok\":true},\"s2\":{\"ok\":false,")
        .contains("\"reason\":\"no \\\"leader\\\"\"");
  }

  @Test
  void isNotLiveForAReasonOfItsOwn() throws Exception {
    unlive.set("loop 0 has run nothing");

    assertThat(send("GET", "/live").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesOtherPathsAndMethods() throws Exception {
    assertThat(send("GET", "/other").statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "/live").statusCode()).isEqualTo(405);
  }

  @Test
  void headAnswersWithoutABody() throws Exception {
    HttpResponse<String> response = send("HEAD", "/live");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void answersAndClosesWhenTheRequestIsNotHttp() throws Exception {
    assertThat(sendRaw("no such thing\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void answersAndClosesWhenTheHeadIsTooLong() throws Exception {
    assertThat(sendRaw("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  /** Everything until the server closes the connection. */
  private String sendRaw(String text) throws IOException {
    try (Socket socket =
        new Socket(endpoint.address().getAddress(), endpoint.address().getPort())) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
