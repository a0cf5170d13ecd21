/** The learner of one network, its versions, and the copies of its weights that are kept: the best ones, the last good ones. */
package io.millrace.learner.network;
