/**
 * Says where Livehook may connect to. A stranger's URL goes through {@link
 * io.livehook.guard.Guard#check}, a name's addresses through {@link io.livehook.guard.JudgedNames},
 * and what a connection really reached through {@link io.livehook.guard.Guard#allows}. Knows
 * nothing of Livehook, HTTP clients or DNS libraries, so that others can use it as it is. Reading
 * order: {@code UrlReader}, {@code AddressTable}, {@code Guard}, {@code JudgedNames}. Everything
 * but {@code JudgedNames} and its {@code Resolution} is immutable; those two belong to one thread.
 */
@NullMarked
@CheckReturnValue
package io.livehook.guard;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
