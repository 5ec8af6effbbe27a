/**
 * What a resource is called and what its current value is. Reads only: a resource changes through
 * its lane. One instance per event loop; reads the tables resource, update_log and
 * resource_snapshot.
 *
 * <p>Read {@link io.livehook.resource.ResourceName}, {@link io.livehook.resource.ResourceNames},
 * {@link io.livehook.resource.Values}, {@link io.livehook.resource.ValueAnswers}.
 */
@CheckReturnValue
@NullMarked
package io.livehook.resource;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
