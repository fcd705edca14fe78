# The page and the embeds in a real browser, under other people's judges. Included by the main Makefile.

BROWSER_TESTS := $(wildcard tests/browser/*.test.mjs)

browser: $(PROGRAMS) ## the form, the snippets and the embeds in chromium, axe, lighthouse, vnu (screenshots in build/)
	@BUILD=$(abspath $(BUILD)) tests/run-tap $(LOGS)/browser 600 $(BROWSER_TESTS)
.PHONY: browser
