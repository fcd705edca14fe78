# End-to-end tests that need another build or more time than `make e2e` has.

TSAN_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
SOAK_S     ?= 120
PROGRAMS   += $(BUILD)/failing_malloc.so

# What memory.test.mjs puts in the place of malloc().
$(BUILD)/failing_malloc.so: tests/e2e/failing_malloc.c $(BUILD)/flags
	$(say) link $@
	$(Q)$(CC) $(LANGUAGE) $(WARNINGS) -O1 -g -fPIC -shared -o $@ $< -lpthread
STRESS_S   ?= 3600
in_tsan      = $(MAKE) --no-print-directory BUILD=$(BUILD)/tsan CFLAGS=$(call quoted,$(TSAN_FLAGS)) LOGS=$(LOGS)/tsan
tsan_program = $(in_tsan) $(BUILD)/tsan/marquee

# Unit tests of what runs threads. Libraries are not instrumented: of what only they touch nothing is seen.
TSAN_TESTS := $(addprefix $(BUILD)/tests/unit/,$(addprefix cache/,memory_test value_test cache_test workers_test \
              workers_late_test memcached_test memcached_trouble_test memcached_cluster_test) \
              $(addprefix service/,process/log_test process/task_pool_test http/clients_test http/client_budget_test source/lookup_test \
              jobs/back_test jobs/job_work_test serve/serve_test service_test))

tsan: $(PROGRAMS) tsan-program tsan-unit ## what runs threads under ThreadSanitizer: unit tests, a rough load
	@BUILD=$(abspath $(BUILD)) tests/run-tap $(LOGS)/tsan 600 tests/e2e/threads.test.mjs
# ThreadSanitizer wants an address space that is laid out as it expects.
tsan-unit: ## the unit tests of it alone
	@+if setarch -R true; then $(in_tsan) $(jobs) tsan-unit-run; else echo "tsan-unit: skipped: no setarch -R here"; fi
tsan-unit-run: $(TSAN_TESTS)
	@BUILD=$(abspath $(BUILD)) BESIDE=$(BESIDE) TSAN_OPTIONS=exitcode=66 \
		setarch -R tests/run-tap $(LOGS)/unit 900 $(TSAN_TESTS)
tsan-program:
	@+$(tsan_program)
# So that `make test` has it: the test is one of E2E_TESTS.
test-programs: tsan-program

soak: $(PROGRAMS) ## a rough load for SOAK_S=120 seconds; prints what is held over time, fails when it grows
	@BUILD=$(abspath $(BUILD)) SOAK_S=$(SOAK_S) node tests/e2e/soak.mjs
stress-soak: $(PROGRAMS) ## the rough load for an hour (STRESS_S=3600)
	@BUILD=$(abspath $(BUILD)) SOAK_S=$(STRESS_S) node tests/e2e/soak.mjs
stress-tsan: $(PROGRAMS) tsan-program ## all end-to-end tests with the service under ThreadSanitizer
	@BUILD=$(abspath $(BUILD)) MARQUEE=$(abspath $(BUILD))/tsan/marquee tests/run-tap $(LOGS)/stress-tsan 1200 $(E2E_TESTS)
stress: stress-matrix stress-variants stress-soak stress-tsan ## all of these: hours
.PHONY: tsan tsan-program tsan-unit tsan-unit-run soak stress stress-soak stress-tsan
