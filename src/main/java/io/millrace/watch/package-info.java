/** A page that shows a model learn: reads the topics that training writes, and changes nothing. */
package io.millrace.watch;
