# End-to-end tests that need another build or more time than `make e2e` has.

TSAN_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
SOAK_S     ?= 120
STRESS_S   ?= 3600
tsan_program = $(MAKE) --no-print-directory BUILD=$(BUILD)/tsan CFLAGS=$(call quoted,$(TSAN_FLAGS)) $(BUILD)/tsan/marquee

tsan: $(PROGRAMS) tsan-program ## end-to-end under ThreadSanitizer: a rough load, a reload, SIGTERM
	@BUILD=$(abspath $(BUILD)) tests/run-tap $(LOGS)/tsan 600 tests/e2e/threads.test.mjs
tsan-program:
	@+$(tsan_program)
# So that `make test` has it: the test is one of E2E_TESTS.
test-programs: tsan-program

soak: $(PROGRAMS) ## a rough load for SOAK_S=120 seconds; prints what is held over time, fails when it grows
	@BUILD=$(abspath $(BUILD)) SOAK_S=$(SOAK_S) node tests/e2e/soak.mjs
stress-soak: $(PROGRAMS)
	@BUILD=$(abspath $(BUILD)) SOAK_S=$(STRESS_S) node tests/e2e/soak.mjs
# And the whole of the end-to-end tests with the service under ThreadSanitizer.
stress-tsan: $(PROGRAMS) tsan-program
	@BUILD=$(abspath $(BUILD)) MARQUEE=$(abspath $(BUILD))/tsan/marquee tests/run-tap $(LOGS)/stress-tsan 1200 $(E2E_TESTS)
stress: stress-soak stress-tsan
.PHONY: tsan tsan-program soak stress stress-soak stress-tsan
