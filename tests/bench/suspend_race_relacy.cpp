// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The micro-benchmark of docs/examples/suspend_race.c for relacy (Debian's relacy-dev), as a yardstick
 * of scripts/bench: the same operations, sequentially consistent, under its random scheduler.
 * Built with -DROUNDS=N -DSCHEDULES=N.
 */
#include <relacy/relacy.hpp>

#include <sstream>

struct suspend_race : rl::test_suite<suspend_race, 3> {
	rl::atomic<int> fsr, irq, power;

	void before()
	{
		fsr($) = 0;
		irq($) = 0;
		power($) = 1;
	}

	void raise()
	{
		for (int round = 0; round < ROUNDS; round++) {
			fsr($) = 1;
			irq($) = 1;
		}
	}

	void handle()
	{
		for (int round = 0; round < ROUNDS; round++) {
			if (!irq($).load() || !power($).load())
				continue;
			(void)power($).load();
			(void)fsr($).load();
			irq($) = 0;
		}
	}

	void suspend()
	{
		for (int round = 0; round < ROUNDS; round++) {
			power($) = 0;
			if (round < ROUNDS - 1)
				power($) = 1;
		}
	}

	void thread(unsigned int index)
	{
		if (index == 0)
			raise();
		else if (index == 1)
			handle();
		else
			suspend();
	}
};

int main()
{
	std::ostringstream silent;
	rl::test_params params;

	params.search_type = rl::random_scheduler_type;
	params.iteration_count = SCHEDULES;
	params.progress_stream = &silent;
	params.output_stream = &silent;
	return rl::simulate<suspend_race>(params) ? 0 : 1;
}
