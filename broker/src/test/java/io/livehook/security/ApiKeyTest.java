package io.livehook.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.Secret;
import java.security.SecureRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
  private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
  private static final Secret PEPPER = new Secret("a pepper for tests");

  @Test
  void aKeyIsReadBackWithItsId() {
    // Given
    ApiKey key = ApiKey.generate(ApiKey.Environment.LIVE, ID, new SecureRandom());

    // When
    ApiKey again = ApiKey.parse(key.reveal()).orElseThrow();

    // Then
    assertThat(key.reveal()).matches("lh_live_[0-9a-hjkmnp-tv-z]{85}");
    assertThat(again.id()).isEqualTo(ID);
    assertThat(again.hash(PEPPER)).isEqualTo(key.hash(PEPPER)).hasSize(32);
  }

  @Test
  void anyChangedCharacterIsNoticed() {
    // Given
    String key = ApiKey.generate(ApiKey.Environment.DEV, ID, new SecureRandom()).reveal();

    for (int i = 0; i < key.length(); i++) {
      // When
      char other = key.charAt(i) == '0' ? '1' : '0';
      String changed = key.substring(0, i) + other + key.substring(i + 1);

      // Then
      assertThat(ApiKey.parse(changed)).isEmpty();
    }
    assertThat(ApiKey.parse(key + "0")).isEmpty();
    assertThat(ApiKey.parse(key.substring(1))).isEmpty();
    assertThat(ApiKey.parse("")).isEmpty();
  }

  @Test
  void aKeyNeverPrintsItsSecret() {
    assertThat(ApiKey.generate(ApiKey.Environment.LIVE, ID, new SecureRandom()))
        .hasToString("key_01h455vb4pex5vsknk084sn02q");
  }

  @Test
  void anotherPepperGivesAnotherHash() {
    // Given
    ApiKey key = ApiKey.generate(ApiKey.Environment.LIVE, ID, new SecureRandom());

    // Then
    assertThat(key.hash(PEPPER)).isNotEqualTo(key.hash(new Secret("another pepper")));
  }
}
