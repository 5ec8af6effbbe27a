package io.livehook.lane;

import java.util.List;

/**
 * One transaction of subscription changes (R12); each takes a {@code sub_ver} where it needs one.
 */
public record ChangeBatch(List<Change> changes) {
  /** One change and who asked. */
  public sealed interface Change {
    Submission.Actor actor();

    Resource resource();
  }

  /** A new subscription: insert, {@code sub_ver} of the resource = {@code fromVer}. */
  public record Created(
      Submission.Subscribe asked, Resource resource, long id, long fromVer, long fromSequence)
      implements Change {
    @Override
    public Submission.Actor actor() {
      return asked.actor;
    }
  }

  /** A resource configured; {@code id} is for its row when it has none yet. */
  public record Configured(Submission.Configure asked, Resource resource, long id)
      implements Change {
    @Override
    public Submission.Actor actor() {
      return asked.actor;
    }
  }

  /** New options of an active subscription. */
  public record Renewed(Submission.Subscribe asked, Subscription subscription) implements Change {
    /** Of two that subscribe at once the second must not take the first one's secret away. */
    public SubscriptionOptions options() {
      return asked.secretGiven
          ? asked.options
          : asked.options.withSecret(subscription.options().secret());
    }

    @Override
    public Submission.Actor actor() {
      return asked.actor;
    }

    @Override
    public Resource resource() {
      return subscription.resource;
    }
  }

  /** The end: row, {@code to_ver}, behind and waiting rows deleted. */
  public record Ended(
      Submission.Actor actor,
      Subscription subscription,
      EndReason reason,
      long toVer,
      long toSequence)
      implements Change {
    @Override
    public Resource resource() {
      return subscription.resource;
    }
  }

  /** Held by hand: its behind row. */
  public record Held(Submission.Actor actor, Subscription subscription, long since)
      implements Change {
    @Override
    public Resource resource() {
      return subscription.resource;
    }
  }

  /** Held no longer: its behind row stays, as {@code spilled}, until it has caught up. */
  public record Released(Submission.Actor actor, Subscription subscription) implements Change {
    @Override
    public Resource resource() {
      return subscription.resource;
    }
  }

  /** A dead letter that becomes a retry due now; {@code false} in the result when there is none. */
  public record Redelivered(Submission.Actor actor, Subscription subscription, long update)
      implements Change {
    @Override
    public Resource resource() {
      return subscription.resource;
    }
  }
}
