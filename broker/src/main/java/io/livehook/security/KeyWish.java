package io.livehook.security;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A key to be made.
 *
 * @param label the consumer it is for; for other roles a name for people
 * @param expiresAt when it ends by itself, or null
 */
public record KeyWish(Role role, Scope scope, String label, @Nullable OffsetDateTime expiresAt) {
  private static final int LONGEST_LABEL = 100;

  public KeyWish {
    if (!scope.allows(role)) {
      throw new IllegalArgumentException("a key of role " + role.label() + " has one tenant");
    }
  }

  /** Whether a text may be a label: up to 100 printable characters. */
  public static boolean isLabel(String text) {
    return text.length() <= LONGEST_LABEL
        && text.codePoints().noneMatch(each -> Character.isISOControl(each) || each == 0xFFFD)
        && text.codePoints().noneMatch(each -> Character.getType(each) == Character.SURROGATE);
  }
}
