// Package throttle keeps the exact window of each connection: in any period, wherever it begins, at most
// so many calls (contract/reliability.md section 1, R1-R6).
//
//	time  ---a---b-------c--[ now - period ........ now ]-->
//	                          a slot is free again one period after it was taken
//
// A window is the times of the calls it admitted. It knows names, numbers and the monotonic clock. It must
// never hear of actions, endpoints or callers.
package throttle
