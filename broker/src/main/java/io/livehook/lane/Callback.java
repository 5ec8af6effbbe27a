package io.livehook.lane;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A callback as one owner sees it: up, or down since its breaker opened (R9).
 *
 * <pre>
 *        breaker opens, 429, 503                     probe fails: back-off doubles
 *   UP ──────────────────────────▶ DOWN ── probe due ──▶ PROBING ──┐
 *    ▲                              ▲ └──────────────────────────▶ │
 *    └────────── any delivery ──────┴──────────────────────────────┘
 * </pre>
 */
public final class Callback {
  public final String uri;
  final Host host;
  final Set<Subscription> subscriptions = new LinkedHashSet<>();

  boolean down;
  long probeAt;
  long backoff;

  /** The subscription whose lowest open delivery is the probe; null between probes. */
  @Nullable Subscription probing;

  /** The probe, while it runs. */
  @Nullable Delivery probe;

  Callback(String uri, Host host) {
    this.uri = uri;
    this.host = host;
  }

  /** A callback host: the unit of the in-flight limit, with its turn-taking queue. */
  static final class Host {
    final String name;
    final Site site;
    final ArrayDeque<Subscription> queue = new ArrayDeque<>();
    int running;
    int callbacks;
    boolean listed;
    boolean parked;

    Host(String name, Site site) {
      this.name = name;
      this.site = site;
    }
  }

  /** The registrable domain of callback hosts: as many names as its owner likes, one limit. */
  static final class Site {
    final String name;
    final ArrayDeque<Host> parked = new ArrayDeque<>();
    int running;
    int hosts;

    Site(String name) {
      this.name = name;
    }
  }
}
