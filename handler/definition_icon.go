package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// The connector's mark: three inputs that meet in one model, whose reply goes on.
const (
	iconSize = 230 // as the portal asks for
	fineness = 4   // samples of a pixel in each direction, for smooth edges
)

var (
	iconGround = color.RGBA{0x1f, 0x6f, 0x8b, 0xff} // the brand colour of definition.json
	iconShade  = color.RGBA{0x8f, 0xd3, 0xe3, 0xff}
	iconLight  = color.RGBA{0xff, 0xff, 0xff, 0xff}
)

// A stroke is a line with round ends; one without a length is a dot.
type stroke struct {
	x1, y1, x2, y2, radius float64
	paint                  color.RGBA
}

var mark = []stroke{
	{52, 60, 122, 115, 5, iconShade},
	{46, 115, 122, 115, 5, iconShade},
	{52, 170, 122, 115, 5, iconShade},
	{122, 115, 186, 115, 5, iconLight},
	{52, 60, 52, 60, 14, iconShade},
	{46, 115, 46, 115, 14, iconShade},
	{52, 170, 52, 170, 14, iconShade},
	{122, 115, 122, 115, 36, iconLight},
	{122, 115, 122, 115, 19, iconGround},
	{122, 115, 122, 115, 9, iconShade},
	{168, 95, 188, 115, 5, iconLight},
	{168, 135, 188, 115, 5, iconLight},
}

// icon draws the mark.
func icon() ([]byte, error) {
	picture := image.NewRGBA(image.Rect(0, 0, iconSize, iconSize))
	for y := range iconSize {
		for x := range iconSize {
			picture.SetRGBA(x, y, pixel(x, y))
		}
	}
	var text bytes.Buffer
	err := png.Encode(&text, picture)
	return text.Bytes(), err
}

// pixel is the mean of its samples.
func pixel(x, y int) color.RGBA {
	var red, green, blue int
	for i := range fineness * fineness {
		c := sample(float64(x)+(float64(i%fineness)+0.5)/fineness, float64(y)+(float64(i/fineness)+0.5)/fineness)
		red, green, blue = red+int(c.R), green+int(c.G), blue+int(c.B)
	}
	const n = fineness * fineness
	return color.RGBA{uint8(red / n), uint8(green / n), uint8(blue / n), 0xff}
}

// sample is the colour of the topmost stroke at a point.
func sample(x, y float64) color.RGBA {
	for i := len(mark) - 1; i >= 0; i-- {
		if mark[i].distance(x, y) <= mark[i].radius {
			return mark[i].paint
		}
	}
	return iconGround
}

// distance is how far a point is from the line.
func (s stroke) distance(x, y float64) float64 {
	dx, dy := s.x2-s.x1, s.y2-s.y1
	along := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		along = min(max(((x-s.x1)*dx+(y-s.y1)*dy)/length, 0), 1)
	}
	return math.Hypot(x-s.x1-along*dx, y-s.y1-along*dy)
}
