// Package faults puts a proxy that fails on request between the limiter and a real Redis. It knows Toxiproxy,
// how a clock is set (testdata/clock.c) and the limiter's promises.
//
//	throttle ──> Toxiproxy: late, cut, reset, in pieces ──> redis-server, whose clock is set
//
// It is a module of its own, so that the product does not depend on what Toxiproxy depends on.
package faults
