# `make siege`: everything that can go wrong, at once and for a while. Included by the main Makefile.

SIEGE_S ?= 300

siege: $(PROGRAMS) $(BUILD)/bare ## honest clients among attackers and in bad weather for SIEGE_S=300 seconds; ends with figures
	@deploy/install-deps --test
	@node --test tests/siege/judge.test.mjs
	@BUILD=$(abspath $(BUILD)) SIEGE_S=$(SIEGE_S) node tests/siege/siege.mjs
.PHONY: siege
