package io.livehook.subscription;

import io.livehook.http.Exchange;
import io.livehook.http.Problem;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ValueAnswers;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The doors to the same subscriptions, and how each shows them. */
enum Door {
  /** The collection of a resource, where the encoded callback is the id (SUB-3, SUB-7). */
  COLLECTION {
    @Override
    String location(Exchange exchange, ResourceName name, SubscriptionRow row) {
      return row.location(row.changes() ? name.changesSubscriptions() : name.subscriptions());
    }

    @Override
    JsonObject show(Exchange exchange, SubscriptionRow row) {
      exchange.put(HttpHeaders.ETAG, row.etag());
      return row.element();
    }
  },

  /** One collection for all resources, where callback and resource together are the id (SUB-8). */
  HOOKS {
    @Override
    String location(Exchange exchange, ResourceName name, SubscriptionRow row) {
      return exchange.baseUrl() + '/' + exchange.tenant().slug() + "/hooks/" + Hooks.id(name, row);
    }

    @Override
    JsonObject show(Exchange exchange, SubscriptionRow row) {
      exchange.put(HttpHeaders.ETAG, row.etag());
      return row.json().put("alias", row.alias());
    }

    @Override
    Problem unknown() {
      return Problem.faults(List.of(Hooks.unknown()));
    }
  },

  /** The JSON API, where the alias is (SUB-4). */
  API {
    @Override
    String location(Exchange exchange, ResourceName name, SubscriptionRow row) {
      String slug = exchange.tenant().slug();
      boolean own = slug.equals(exchange.caller().tenant().slug());
      String url = exchange.baseUrl() + "/api/v1/subscriptions/" + row.alias();
      return own ? url : url + "?tenant=" + slug;
    }

    @Override
    JsonObject show(Exchange exchange, SubscriptionRow row) {
      exchange.put(HttpHeaders.ETAG, row.etag());
      return row.json();
    }
  };

  /** The resource that is to be subscribed is not there. */
  Problem unknown() {
    return ValueAnswers.unknown();
  }

  abstract String location(Exchange exchange, ResourceName name, SubscriptionRow row);

  /** The body of an answer; its headers are set. */
  abstract JsonObject show(Exchange exchange, SubscriptionRow row);
}
