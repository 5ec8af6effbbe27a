/**
 * The value-callback collection of a resource (SUB-1 to SUB-9) and the alias of each subscription.
 * Reads its rows by SQL; changes go through the lane. One instance per event loop; owns the table
 * subscription, which the lane's owner writes.
 *
 * <p>Read {@link io.livehook.subscription.SubscriptionCollection}, {@link
 * io.livehook.subscription.Wish}, {@link io.livehook.subscription.SubscriptionRows}.
 */
@CheckReturnValue
@NullMarked
package io.livehook.subscription;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
