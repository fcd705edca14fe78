# `make bench`: what a warm answer costs beside a bare libh2o server, and how long a cold one takes. Included by the
# main Makefile, whose flags and rule for objects it uses.

# --check: fail for what clocks say, too; --help: the rest.
BENCH_FLAGS ?=

BARE_PARTS := tests/bench/bare.o service/listen/tls.o service/process/ticket_keys.o translators/base/fault.o translators/base/must.o
$(BUILD)/bare: $(addprefix $(BUILD)/,$(BARE_PARTS)) $(BUILD)/flags
	$(say) link $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS)

in_bench = BUILD=$(abspath $(BUILD)) node tests/bench/bench.mjs

bench: ## measure warm answers beside a bare libh2o server and nginx, cold ones, memory: one table (BENCH_FLAGS=--check)
	@deploy/install-deps --test
	@+$(MAKE) --no-print-directory $(jobs) $(PROGRAMS) $(BUILD)/bare
	@$(in_bench) $(BENCH_FLAGS)
bench-check: $(PROGRAMS) $(BUILD)/bare ## instructions of a hit, a cold tour and a start, against what they may take (valgrind)
	@$(in_bench) --counts
bench-short: $(PROGRAMS) $(BUILD)/bare ## the same of one hit and the start
	@$(in_bench) --short
# So that `make test` has it built.
test-programs: $(BUILD)/bare
.PHONY: bench bench-check bench-short
