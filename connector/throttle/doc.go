// Package throttle keeps the exact window of each connection: in any period, wherever it begins, at most
// so many calls (contract/reliability.md section 1).
//
//	time  ---a---b-------c--[ now - period ........ now ]-->
//	                          a slot is free again one period after it was taken
//
//	Memory   of one process
//	Redis    of several: refusals still known -> script at Redis -> Memory, in case Redis forgot
//	                                             circuit: whether Redis is there
//
// A window is the times of the calls it admitted. It knows names, numbers, the monotonic clock and Redis's. It
// must never hear of actions, endpoints or callers.
package throttle
