/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The micro-benchmark of docs/examples/suspend_race.c for spin, as a yardstick of scripts/bench.
 * Built with -DROUNDS=N.
 */
bit fsr, irq, power = 1;

active proctype raiser()
{
	byte round;

	do
	:: round < ROUNDS -> fsr = 1; irq = 1; round++
	:: else -> break
	od
}

active proctype handler()
{
	byte round;
	bit clocked, status;

	do
	:: round < ROUNDS ->
		if
		:: irq ->
			if
			:: power -> clocked = power; status = fsr; irq = 0
			:: else
			fi
		:: else
		fi;
		round++
	:: else -> break
	od
}

active proctype suspender()
{
	byte round;

	do
	:: round < ROUNDS ->
		power = 0;
		if
		:: round < ROUNDS - 1 -> power = 1
		:: else
		fi;
		round++
	:: else -> break
	od
}
