# The page and the embeds in a real browser, under other people's judges. Included by the main Makefile.

BROWSER_TESTS := $(wildcard tests/browser/*.test.mjs)

browser: $(PROGRAMS) ## the form, the snippets and the embeds in chromium, axe, lighthouse, vnu (screenshots in build/)
	@BUILD=$(abspath $(BUILD)) BESIDE=$(BESIDE) tests/run-tap $(LOGS)/browser 600 $(BROWSER_TESTS)
lighthouse: $(PROGRAMS) ## what lighthouse says of the speed of the page
	@BUILD=$(abspath $(BUILD)) LIGHTHOUSE_SPEED=1 node --test --test-name-pattern=Lighthouse tests/browser/judges.test.mjs
.PHONY: browser lighthouse
