# `make siege`: everything that can go wrong, at once and for a while. Included by the main Makefile.

SIEGE_S     ?= 300
SIEGE_SAN_S ?= 60

siege: $(PROGRAMS) $(BUILD)/bare ## honest clients among attackers and in bad weather for SIEGE_S=300 seconds; ends with figures
	@deploy/install-deps --test
	@BUILD=$(abspath $(BUILD)) SIEGE_S=$(SIEGE_S) node tests/siege/siege.mjs
siege-san: $(PROGRAMS) $(BUILD)/bare tsan-program ## the same under ASan and UBSan, and under TSan, for SIEGE_SAN_S=60 seconds each
	@+$(in_san) $(BUILD)/san/marquee
	@for sanitizer in san tsan; do \
		BUILD=$(abspath $(BUILD)) MARQUEE=$(abspath $(BUILD))/$$sanitizer/marquee SIEGE_S=$(SIEGE_SAN_S) \
			node tests/siege/siege.mjs || exit 1; done
.PHONY: siege siege-san
