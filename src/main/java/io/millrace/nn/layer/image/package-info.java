/** Layers over images and sequences with shared weights: convolution and pooling. */
package io.millrace.nn.layer.image;
