package io.livehook.delivery;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.delivery.ScriptedDns.Reply;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.guard.GuardedUrl;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Verdict R of reliability.md §5.1: what a name has come to when somebody subscribes. */
class CallbackCheckTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(5, SECONDS);
  }

  private boolean clean(Reply reply, String url) throws Exception {
    try (ScriptedDns dns = ScriptedDns.ofA(number -> reply);
        CallbackCheck check =
            new CallbackCheck(vertx, new Guard(GuardPolicy.DEV), dns.provider())) {
      GuardedUrl passed = ((Guard.Passed) check.check(url)).url();
      return check.clean(passed).await(5, SECONDS);
    }
  }

  @Test
  void ssrf19ANameWithAForbiddenAddressIsRefused() throws Exception {
    assertThat(clean(Reply.of(30, "8.8.8.8"), "https://a.hooks.io/")).isTrue();
    assertThat(clean(Reply.of(30, "8.8.8.8", "10.0.0.1"), "https://a.hooks.io/")).isFalse();
    assertThat(clean(Reply.of(0, "169.254.169.254"), "https://a.hooks.io/")).isFalse();
  }

  @Test
  void u10ANameWithoutAnAddressIsNotRefused() throws Exception {
    assertThat(clean(Reply.NONE, "https://a.hooks.io/")).isTrue();
  }

  @Test
  void anAddressThatPassedNeedsNoDns() throws Exception {
    assertThat(clean(Reply.SILENCE, "http://127.0.0.1:8/")).isTrue();
  }
}
