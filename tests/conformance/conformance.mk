# Conformance of what marquee gives out, judged by other people's tools. Included by the main Makefile.

CONFORMANCE_TESTS := $(wildcard tests/conformance/*.test.mjs)

conformance: $(PROGRAMS) $(GOLDEN) ## golden documents, recordings and generated tours under other people's validators
	@BUILD=$(abspath $(BUILD)) tests/run-tap $(LOGS)/conformance 900 $(CONFORMANCE_TESTS)
.PHONY: conformance
