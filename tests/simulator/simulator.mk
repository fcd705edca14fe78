# The simulator, $(BUILD)/simulator, and its unit tests. Included by the main Makefile, whose flags and rule for
# objects it uses.

PROGRAMS          += $(BUILD)/simulator
SIMULATOR_SOURCES := $(wildcard tests/simulator/*.c)
SIMULATOR_OBJECTS := $(SIMULATOR_SOURCES:%.c=$(BUILD)/%.o)

$(BUILD)/simulator: $(SIMULATOR_OBJECTS) $(BUILD)/flags
	$(say) link $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS)

SIMULATOR_TESTS := $(filter $(BUILD)/tests/unit/simulator/%,$(UNIT_TESTS))
$(SIMULATOR_TESTS): %: %.o $(filter-out %/main.o,$(SIMULATOR_OBJECTS)) $(BUILD)/flags
	$(say) link $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) -lcmocka $(LDLIBS)
