package io.livehook.delivery;

import io.livehook.lane.Resource;

/** Livehook's own URL of a resource, for the {@code Link rel=self} of a delivery. */
@FunctionalInterface
public interface Links {
  String resource(Resource resource);
}
