package io.livehook.guard;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * Follows the redirects of one fetch: at most three, each a new URL through the whole guard, and
 * never from https to http. Deliveries follow none. One per fetch; belongs to one thread.
 */
public final class Redirects {
  private static final int MOST = 3;

  private final Guard guard;
  private final GuardedUrl start;
  private GuardedUrl at;
  private int followed;

  public Redirects(Guard guard, GuardedUrl start) {
    this.guard = guard;
    this.start = start;
    this.at = start;
  }

  /** The verdict on a {@code Location}, which may be relative to where the fetch is now. */
  public Guard.Verdict follow(String location) {
    if (++followed > MOST) {
      return refused(UrlFault.forbidden("is behind more than three redirects"));
    }
    Guard.Verdict verdict = guard.check(resolved(location));
    if (verdict instanceof Guard.Passed(GuardedUrl next)) {
      if (at.tls() && !next.tls()) {
        return refused(UrlFault.forbidden("is plain http behind https"));
      }
      at = next;
    }
    return verdict;
  }

  private static Guard.Refused refused(UrlFault fault) {
    return new Guard.Refused(List.of(fault));
  }

  /** What cannot be resolved goes to the guard as it is, which says what is wrong. */
  private String resolved(String location) {
    int fragment = location.indexOf('#');
    String target = fragment < 0 ? location : location.substring(0, fragment);
    try {
      return new URI(at.toString()).resolve(new URI(target)).toString();
    } catch (URISyntaxException malformed) {
      return target;
    }
  }

  /** Whether credentials meant for the start may go to where the fetch is now. */
  public boolean sameOrigin() {
    return at.origin().equals(start.origin());
  }
}
