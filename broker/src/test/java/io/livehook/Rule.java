package io.livehook;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which rules of LiveResource a test shows, by their ids ({@code DISC-3}); {@code make conformance}
 * prints them and fails when one has no test, or none that ran.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Rule {
  String[] value();
}
