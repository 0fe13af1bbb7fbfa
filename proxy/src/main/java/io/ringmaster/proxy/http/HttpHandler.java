package io.ringmaster.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one HTTP connection. */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<String> metrics;
  private final List<Check> live;
  private final List<Check> ready;

  HttpHandler(Supplier<String> metrics, List<Check> live, List<Check> ready) {
    this.metrics = metrics;
    this.live = List.copyOf(live);
    this.ready = List.copyOf(ready);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      // What follows cannot be told apart, so this connection is of no more use.
      FullHttpResponse refusal = text(HttpResponseStatus.BAD_REQUEST, TEXT, "bad request\n");
      HttpUtil.setContentLength(refusal, refusal.content().readableBytes());
      HttpUtil.setKeepAlive(refusal, false);
      context.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    FullHttpResponse response =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)
            ? answer(new QueryStringDecoder(request.uri()).path())
            : text(HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "use GET\n");
    HttpUtil.setContentLength(response, response.content().readableBytes());
    if (request.method().equals(HttpMethod.HEAD)) {
      response.content().clear();
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, keepAlive);
    ChannelFuture written = context.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private FullHttpResponse answer(String path) {
    return switch (path) {
      case "/metrics" -> text(HttpResponseStatus.OK, PROMETHEUS, metrics.get());
      case "/live" -> report(live);
      case "/ready" -> report(ready);
      default -> text(HttpResponseStatus.NOT_FOUND, TEXT, "/metrics /live /ready\n");
    };
  }

  private static FullHttpResponse report(List<Check> checks) {
    CheckReport report = CheckReport.of(checks);
    return text(
        report.ok() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
        JSON,
        report.json());
  }

  private static FullHttpResponse text(HttpResponseStatus status, String type, String text) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    return response;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("HTTP connection {}", context.channel().remoteAddress(), cause);
    context.close();
  }
}
