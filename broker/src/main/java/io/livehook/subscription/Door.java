package io.livehook.subscription;

import io.livehook.http.Exchange;
import io.livehook.resource.ResourceName;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;

/** The doors to the same subscriptions, and how each shows them. */
enum Door {
  /** The collection of a resource, where the encoded callback is the id (SUB-3, SUB-7). */
  COLLECTION {
    @Override
    String location(Exchange exchange, ResourceName name, SubscriptionRow row) {
      return row.location(name.subscriptions());
    }

    @Override
    JsonObject show(Exchange exchange, SubscriptionRow row) {
      return row.element();
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

  abstract String location(Exchange exchange, ResourceName name, SubscriptionRow row);

  /** The body of an answer; its headers are set. */
  abstract JsonObject show(Exchange exchange, SubscriptionRow row);
}
