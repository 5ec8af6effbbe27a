package io.livehook.platform;

import org.junit.jupiter.api.Test;

class SettingsPageTest {
  @Test
  void theCommittedPageIsMadeFromTheTable() throws Exception {
    CommittedFile.check("docs/CONFIG.md", "config-page", SettingsPage.markdown());
  }
}
